// Up to which message an application's own server was told.
export const callbacks: readonly string[] = ['create table callbacks (app integer primary key, no integer not null)'];
