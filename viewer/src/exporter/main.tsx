import { render } from 'preact';
import { applyTheme } from '../ui/page/theme';
import { Page } from './page';
import { followRuns } from './runs/run_state';
import { begin } from './state';
import './style/index.css';

applyTheme();
void begin();
followRuns();
render(<Page />, document.getElementById('app')!);
