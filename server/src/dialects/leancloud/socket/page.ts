// Lists that go on where `next` says; its text is nobody's business but ours.
const limitUsual = 10;
const limitMax = 100;

export type Page = { readonly skip: number; readonly limit: number };

export const pageOf = ({ limit = limitUsual, next = '0' }: { limit?: number; next?: string }): Page => ({
  skip: /^\d{1,9}$/.test(next) ? Number(next) : 0,
  limit: limit < 1 ? limitUsual : Math.min(limit, limitMax),
});

export const nextOf = ({ skip, limit }: Page, total: number): { next?: string } =>
  skip + limit < total ? { next: String(skip + limit) } : {};
