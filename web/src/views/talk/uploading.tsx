import type { Outgoing } from 'hongyan-im';
import { keepPreview, previewOf } from '../../state/previews.ts';
import { sizeOf } from '../../words/size.ts';
import { t } from '../../words/t.ts';
import { IconButton } from '../parts/button.tsx';
import { Icon } from '../parts/icon.tsx';

/** The file that is going up, how far it is, and a way to stop it. */
export function Uploading({ outgoing }: { outgoing: Outgoing }) {
  const [kind, file] = Object.entries(outgoing.what)[0] ?? [];
  const percent = Math.round(outgoing.progress * 100);
  const isImage = kind === 'image' && file instanceof Blob;
  if (isImage) keepPreview(outgoing.ref, previewOf(file));
  const name = file instanceof File ? file.name : t().file;
  return (
    <div class={`uploading${isImage ? ' is-picture' : ''}`}>
      {isImage ? (
        <img src={previewOf(file)} alt={t().picture} />
      ) : (
        <span class="file">
          <Icon name="file" />
          <span class="file-name">
            <strong>{name}</strong>
            <small>{file instanceof Blob ? sizeOf(file.size) : ''}</small>
          </span>
        </span>
      )}
      {outgoing.state === 'uploading' && (
        <>
          <progress max={100} value={percent} aria-label={t().uploading(percent)} />
          <IconButton icon="close" label={t().stop} onClick={() => outgoing.cancel()} />
        </>
      )}
    </div>
  );
}
