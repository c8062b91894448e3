// Pictures that were uploaded here have a small one beside them, which other doors' clients show first.
import type { App } from '../../core/apps/app.ts';
import { uploadPathOf, uploadUrl } from '../../core/attachments/links.ts';
import type { Core } from '../../core/core.ts';
import type { Content } from '../../core/messages/message.ts';

export async function addThumb(
  { store }: Pick<Core, 'store'>,
  app: App,
  content: Content,
  publicUrl: string,
): Promise<Content> {
  if (content.type !== 'image' || content.thumb) return content;
  const path = uploadPathOf(content.file.url);
  const file = path === undefined ? undefined : await store.media.byPath(path);
  if (!file?.thumb || file.app !== app.no) return content;
  return { ...content, thumb: { url: uploadUrl(publicUrl, file.thumb) } };
}
