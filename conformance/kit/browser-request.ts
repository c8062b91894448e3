// As much of a browser's XMLHttpRequest as the SDK uses, on top of fetch: FormData and File go out as a browser sends them.
export class BrowserRequest {
  status = 0;
  responseText = '';
  timeout = 0;
  onload: ((event: object) => void) | undefined;
  onerror: ((event: object) => void) | undefined;
  #method = 'GET';
  #url = '';
  readonly #headers: Record<string, string> = {};

  open(method: string, url: string): void {
    this.#method = method;
    this.#url = url;
  }

  setRequestHeader(name: string, value: string): void {
    this.#headers[name] = value;
  }

  send(body?: string | FormData | null): void {
    fetch(this.#url, { method: this.#method, headers: this.#headers, body })
      .then(async (response) => {
        this.status = response.status;
        this.responseText = await response.text();
      })
      .then(
        () => this.onload?.({}),
        () => this.onerror?.({}),
      );
  }
}
