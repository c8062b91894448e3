import { previewOf } from '../../state/previews.ts';
import { sizeOf } from '../../words/size.ts';
import { t } from '../../words/t.ts';
import { IconButton } from '../parts/button.tsx';
import { Icon } from '../parts/icon.tsx';
import type { Tray } from './use-tray.ts';

export function TrayView({ tray }: { tray: Tray }) {
  if (!tray.files.length) return null;
  return (
    <ul class="tray" aria-label={t().toSend}>
      {tray.files.map((file) => (
        <li key={previewOf(file)}>
          {file.type.startsWith('image/') ? (
            <img src={previewOf(file)} alt="" />
          ) : (
            <span class="tray-file">
              <Icon name="file" />
            </span>
          )}
          <span class="tray-name">
            {file.name}
            <small>{sizeOf(file.size)}</small>
          </span>
          <IconButton icon="close" label={t().removeOne(file.name)} onClick={() => tray.remove(file)} />
        </li>
      ))}
    </ul>
  );
}
