// Searches over users and conversations: every filter is an equality on one attribute, all must hold.

export type SortKey = { readonly name: string; readonly descending: boolean };

export type Search = {
  readonly filters: readonly { readonly name: string; readonly value: string }[];
  /** Empty: the subject's `ts` ascending, then its id. Top-level fields win over attributes of the same name. */
  readonly sort: readonly SortKey[];
  readonly skip: number;
  /** 1 … limits.pageMax. */
  readonly limit: number;
};
