import { useEffect, useState } from 'preact/hooks';
import { earlier, enter, session } from '../state/session.ts';
import { Dialogs } from './dialogs/dialogs.tsx';
import { Home } from './home.tsx';
import { Live } from './parts/live.tsx';
import { Toasts } from './parts/toasts.tsx';
import { Start } from './start/start.tsx';

export function App() {
  const [isReturning, setReturning] = useState(() => !!earlier());
  // A reload is the same person; when that fails, the first view says why.
  useEffect(() => {
    const me = earlier();
    if (me) enter(me).catch(() => setReturning(false));
  }, []);
  const isIn = !!session.value;
  return (
    <>
      {isIn ? <Home key={session.value?.me.id} /> : !isReturning || !earlier() ? <Start /> : <div class="blank" />}
      {isIn && <Dialogs />}
      <Toasts />
      <Live />
    </>
  );
}
