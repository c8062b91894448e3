// Pictures that are still on their way are shown from this machine; a picture that was just sent stays so, instead of
// flickering while its copy comes back.
const previewsMax = 40;
const made = new Map<Blob, string>();
const byRef = new Map<string, string>();

/** An address of the picture for this page alone. */
export function previewOf(file: Blob): string {
  let url = made.get(file);
  if (!url) {
    url = URL.createObjectURL(file);
    made.set(file, url);
    const [oldest] = made;
    if (made.size > previewsMax && oldest) forget(...oldest);
  }
  return url;
}

function forget(file: Blob, url: string): void {
  made.delete(file);
  for (const [ref, other] of byRef) if (other === url) byRef.delete(ref);
  URL.revokeObjectURL(url);
}

export function keepPreview(ref: string, url: string): void {
  byRef.set(ref, url);
}

export const keptPreview = (ref: string): string | undefined => byRef.get(ref);
