import { render } from 'preact';
import './styles/base.css';
import './styles/parts.css';
import './styles/overlays.css';
import './styles/start.css';
import './styles/side.css';
import './styles/talk.css';
import './styles/message.css';
import './styles/media.css';
import './styles/dialogs.css';
import { followPrefs } from './state/prefs.ts';
import { App } from './views/app.tsx';

followPrefs();
render(<App />, document.getElementById('app') as HTMLElement);
