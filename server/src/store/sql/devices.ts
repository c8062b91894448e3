// Tags that devices hold, and the rooms that they sit in.
import type { DeviceReads, DeviceWrites } from '../../core/devices/device.ts';
import type { SliceReads, SliceWrites } from './slice.ts';

export const deviceReads: SliceReads<DeviceReads> = {
  async tagHolder(db, app, who, tag) {
    const row = await db.one<{ device: string }>(
      'select device from device_tags where app = ? and who = ? and tag = ?',
      app,
      who,
      tag,
    );
    return row?.device;
  },

  async seat(db, app, who, device, { lostSince, seatedSince }) {
    const row = await db.one<{ room: number; at: number; lost: number }>(
      'select room, at, lost from device_rooms where app = ? and who = ? and device = ?',
      app,
      who,
      device,
    );
    return row && row.at >= (row.lost === 1 ? lostSince : seatedSince) ? row.room : undefined;
  },
};

export const deviceWrites: SliceWrites<DeviceWrites> = {
  async takeTag(tx, app, who, tag, device, now) {
    await tx.run(
      `insert into device_tags (app, who, tag, device, at) values (?, ?, ?, ?, ?)
       on conflict (app, who, tag) do update set device = excluded.device, at = excluded.at`,
      app,
      who,
      tag,
      device,
      now,
    );
  },

  async giveTag(tx, app, who, tag, device) {
    await tx.run('delete from device_tags where app = ? and who = ? and tag = ? and device = ?', app, who, tag, device);
  },

  async takeSeat(tx, app, who, device, room, now) {
    await tx.run(
      `insert into device_rooms (app, who, device, room, at, lost) values (?, ?, ?, ?, ?, 0)
       on conflict (app, who, device) do update set room = excluded.room, at = excluded.at, lost = 0`,
      app,
      who,
      device,
      room,
      now,
    );
  },

  async leaveSeat(tx, app, who, device) {
    await tx.run('delete from device_rooms where app = ? and who = ? and device = ?', app, who, device);
  },

  async loseSeat(tx, app, who, device, now) {
    await tx.run(
      'update device_rooms set at = ?, lost = 1 where app = ? and who = ? and device = ?',
      now,
      app,
      who,
      device,
    );
  },

  async expireSeats(tx, before, rows) {
    const removed = await tx.run(
      `delete from device_rooms where (app, who, device) in
         (select app, who, device from device_rooms where at < ? order by at limit ?)`,
      before,
      rows,
    );
    return { done: removed < rows, removed };
  },
};
