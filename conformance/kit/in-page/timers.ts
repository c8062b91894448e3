// Node's promise of a timer, for a browser.
export const setTimeout = (ms: number): Promise<void> => new Promise((done) => void globalThis.setTimeout(done, ms));
