import { render } from 'preact';
import { App } from './ui/app';
import { acceptDrops } from './ui/drop';
import { recallHosts } from './ui/hosts';
import { followHistory, openFromAddress } from './ui/phase';
import { applyTheme } from './ui/theme';
import './ui/style/index.css';

applyTheme();
acceptDrops();
followHistory();
recallHosts();
openFromAddress(location);
render(<App />, document.getElementById('app')!);
