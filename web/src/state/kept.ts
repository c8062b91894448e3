// The browser's two drawers, where they may be opened at all. What cannot be kept is forgotten at the end of the page.
type Drawer = 'localStorage' | 'sessionStorage';

export function recall<T>(drawer: Drawer, name: string, otherwise: T): T {
  try {
    return JSON.parse(globalThis[drawer].getItem(`hongyan.${name}`) ?? 'null') ?? otherwise;
  } catch {
    return otherwise;
  }
}

export function keep(drawer: Drawer, name: string, value: unknown): void {
  try {
    if (value === undefined) globalThis[drawer].removeItem(`hongyan.${name}`);
    else globalThis[drawer].setItem(`hongyan.${name}`, JSON.stringify(value));
  } catch {}
}
