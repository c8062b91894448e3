import { useState } from 'preact/hooks';
import { enter, type Me } from '../../state/session.ts';
import { t } from '../../words/t.ts';

/** The door: knocks, and knows why nobody opened. */
export function useEnter() {
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState('');
  const knock = async (me: Me): Promise<boolean> => {
    setBusy(true);
    setError('');
    try {
      await enter(me);
      return true;
    } catch (problem) {
      const { code, status } = problem as { code?: number; status?: number };
      setError(status === 404 ? t().demoOff : code ? t().refused : t().noServer);
      setBusy(false);
      return false;
    }
  };
  return { isBusy, error, setError, knock };
}
