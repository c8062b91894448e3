import { t } from '../../words/t.ts';
import { Icon } from '../parts/icon.tsx';

/** Any files, several at once. */
export const Attach = ({ add }: { add: (files: Iterable<File>) => void }) => (
  <label class="icon-button" title={t().attach}>
    <Icon name="attach" />
    <input
      type="file"
      multiple
      class="unseen"
      aria-label={t().attach}
      onChange={({ currentTarget }) => {
        add([...(currentTarget.files ?? [])]);
        currentTarget.value = '';
      }}
    />
  </label>
);
