import { useEffect, useState } from 'preact/hooks';
import type { Chat, Line } from '../../state/chat.ts';
import { look } from '../../state/past.ts';
import { t } from '../../words/t.ts';
import { Banner } from './banner.tsx';
import { Composer } from './composer.tsx';
import { Head } from './head.tsx';
import { Timeline } from './timeline.tsx';
import { useDrop } from './use-drop.ts';
import { useTray } from './use-tray.ts';

/** One conversation: who it is with, what was said, what is to be said. */
export function Talk({ chat }: { chat: Chat }) {
  const [editing, edit] = useState<Line | undefined>(undefined);
  const tray = useTray();
  const drop = useDrop(tray.add);
  useEffect(() => {
    look(chat);
    return () => {
      chat.newFrom.value = 0;
    };
  }, [chat]);
  return (
    <section class="talk" aria-label={t().writeHere} {...drop.handlers}>
      <Head chat={chat} />
      <Banner />
      <Timeline chat={chat} edit={edit} />
      <Composer chat={chat} tray={tray} editing={editing} done={() => edit(undefined)} />
      {drop.isOver && (
        <div class="drop-here" aria-hidden="true">
          {t().dropHere}
        </div>
      )}
    </section>
  );
}
