import { render } from 'preact';
import { App } from './ui/app';
import { acceptDrops } from './ui/start/drop';
import { recallHosts } from './ui/start/hosts';
import { followHistory, openFromAddress } from './ui/start/phase';
import { rememberFold } from './ui/page/fold';
import { applyTheme } from './ui/page/theme';
import './ui/style/index.css';

applyTheme();
rememberFold();
acceptDrops();
followHistory();
recallHosts();
openFromAddress(location);
render(<App />, document.getElementById('app')!);
