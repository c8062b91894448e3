// Uploads: what the server knows of a file; the bytes are a blob.
import type { Media, MediaReads, MediaWrites } from '../../core/attachments/media.ts';
import type { JsonObject } from '../../core/json.ts';
import { list, pieces } from './db.ts';
import type { SliceReads, SliceWrites } from './slice.ts';

type MediaRow = {
  path: string;
  app: number;
  type: string;
  bytes: number;
  name: string;
  width: number | null;
  height: number | null;
  thumb: string | null;
  crc32: number | null;
  created_at: number;
  attributes: string | null;
};

const columns = 'path, app, type, bytes, name, width, height, thumb, crc32, created_at, attributes';

function toMedia({ created_at, attributes, ...row }: MediaRow): Media {
  const own = attributes === null ? {} : { attributes: JSON.parse(attributes) as JsonObject };
  return { ...row, createdAt: created_at, ...own };
}

export const mediaReads: SliceReads<MediaReads> = {
  async byPath(db, path) {
    const row = await db.one<MediaRow>(`select ${columns} from media where path = ?`, path);
    return row && toMedia(row);
  },

  async byStem(db, stem) {
    // Endings begin with a point, and the next character is a slash.
    const row = await db.one<MediaRow>(
      `select ${columns} from media where (path = ? or (path > ? and path < ?)) and path not like ? limit 1`,
      stem,
      `${stem}.`,
      `${stem}/`,
      `${stem}.sm%`,
    );
    return row && toMedia(row);
  },

  async olderThan(db, app, before, limit) {
    const rows = await db.all<MediaRow>(
      `select ${columns} from media where app = ? and created_at < ? order by created_at, path limit ?`,
      app,
      before,
      limit,
    );
    return rows.map(toMedia);
  },
};

export const mediaWrites: SliceWrites<MediaWrites> = {
  async put(tx, media) {
    await tx.run(
      `insert into media (${columns}) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      media.path,
      media.app,
      media.type,
      media.bytes,
      media.name,
      media.width,
      media.height,
      media.thumb,
      media.crc32,
      media.createdAt,
      media.attributes === undefined ? null : JSON.stringify(media.attributes),
    );
  },

  async remove(tx, paths) {
    for (const piece of pieces(paths)) {
      const some = list(piece);
      await tx.run(`delete from media where path in ${some.sql}`, ...some.values);
    }
  },
};
