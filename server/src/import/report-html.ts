// A comparison as one page that a team keeps: no scripts, nothing from elsewhere.
import type { Verified } from '../core/imports/verified.ts';
import { isWhole, untilOf, verdictOf } from './report.ts';

const safe = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

const style = `
  body { font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #1b2733; background: #fff }
  table { border-collapse: collapse; margin: 1rem 0 } th, td { padding: .25rem .9rem; text-align: right; border-bottom: 1px solid #dde3e8 }
  th:first-child, td:first-child { text-align: left } .good { color: #1a7f4b } .bad { color: #b3261e }
  svg text { font-size: 10px; fill: #5b6b7a } li { overflow-wrap: anywhere } small { color: #5b6b7a }
  @media (prefers-color-scheme: dark) { body { background: #14191f; color: #dfe6ec } th, td { border-color: #2e3842 } .good { color: #5fd39a } .bad { color: #ff8a80 } }`;

export function reportHtml(verified: Verified): string {
  const { app, source, at, compared, saidHere, differences, differing, notTaken } = verified;
  const rows = Object.entries(compared).map(
    ([sort, one]) =>
      `<tr><td>${sort}</td><td>${one.source}</td><td>${one.copy}</td><td class="${one.differing === 0 ? 'good' : 'bad'}">${one.differing}</td></tr>`,
  );
  const list = (items: readonly string[]) => `<ul>${items.map((item) => `<li>${safe(item)}</li>`).join('')}</ul>`;
  return `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Import of ${safe(app)}</title>
<style>${style}</style>
<h1>Import of ${safe(app)}</h1>
<p><small>from ${safe(source)}, compared on ${new Date(at).toISOString()}</small></p>
<p class="${isWhole(verified) ? 'good' : 'bad'}"><strong>${safe(verdictOf(verified))}</strong></p>
<table><tr><th></th><th>source</th><th>here</th><th>differing</th></tr>${rows.join('')}</table>
<p>${untilOf(verified)}. ${saidHere} were said here since and are none of the source's.
Compared are number, sender, time, id and content of every message, read from here as clients read it.</p>
${chart(verified)}
${differences.length > 0 ? `<h2>Differences</h2>${list(differences.map(({ what, id, why }) => `${what} ${id}: ${why}`))}` : ''}
${differing > differences.length ? `<p>… and ${differing - differences.length} more.</p>` : ''}
<h2>Not taken</h2>
${notTaken.length > 0 ? list(notTaken.map(({ what, reason, count }) => `${count} × ${what}: ${reason}`)) : '<p class="good">Everything was taken.</p>'}
</html>
`;
}

const height = 120;
const step = 34;

/** Messages by month, the source's and ours side by side. */
function chart({ months }: Verified): string {
  const all = Object.entries(months).sort(([a], [b]) => (a < b ? -1 : 1));
  if (all.length === 0) return '';
  const most = Math.max(1, ...all.flatMap(([, { source, copy }]) => [source, copy]));
  const bar = (x: number, count: number, colour: string) => {
    const tall = Math.round((height * count) / most);
    return `<rect x="${x}" y="${height - tall}" width="12" height="${tall}" fill="${colour}"><title>${count}</title></rect>`;
  };
  const bars = all.map(([month, { source, copy }], n) => {
    const x = n * step + 4;
    return `${bar(x, source, '#9db4c8')}${bar(x + 13, copy, '#2f7fc1')}<text x="${x}" y="${height + 14}">${month.slice(2)}</text>`;
  });
  return `<h2>Messages by month</h2><svg width="${all.length * step + 8}" height="${height + 20}" role="img" aria-label="messages by month, source and here">${bars.join('')}</svg>
<p><small>Light: the source. Dark: here. The tallest bar stands for ${most}.</small></p>`;
}
