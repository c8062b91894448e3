import { hide } from '../../state/dialog.ts';
import { t } from '../../words/t.ts';
import { Frame } from './frame.tsx';

export const Sure = ({ question, yes, run }: { question: string; yes: string; run: () => void }) => (
  <Frame title={yes}>
    <p>{question}</p>
    <div class="dialog-buttons">
      <button type="button" class="button" onClick={hide}>
        {t().cancel}
      </button>
      <button
        type="button"
        class="button danger"
        onClick={() => {
          hide();
          run();
        }}
      >
        {yes}
      </button>
    </div>
  </Frame>
);
