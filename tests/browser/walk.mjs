// Walks every page of the status page in a headless Chromium, as wide as a phone and as a desk, light and dark.
// In: the page's address, Chromium's path, optionally a folder for screenshots. Out: every fault: overflow, a console error, what
// axe-core finds; exit code 1 if there is one. It speaks to Chromium over a pipe (fd 3 and 4) and needs nothing but node and axe-core.

import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const [base, chromium, pictures] = process.argv.slice(2);
const axe = readFileSync(new URL('./node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');
const ANSWER_MS = 30_000;
const PAGES_MAX = 60;
const WIDTHS = [360, 1280];

const profile = mkdtempSync(join(tmpdir(), 'wirewatch-walk-'));
const browser = spawn(chromium, [
  '--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-component-update',
  '--disable-sync', '--disable-dev-shm-usage', '--hide-scrollbars', `--user-data-dir=${profile}`, '--remote-debugging-pipe', 'about:blank',
], { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] });
const done = code => {
  // Its folder goes once it writes no more; what its children still hold is the system's to clear away.
  browser.once('exit', () => {
    try { rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }); } catch { /* in the folder for temporary files */ }
    process.exit(code);
  });
  browser.kill('SIGKILL');
};
browser.on('error', fault => { console.error(`${chromium} does not start: ${fault.message}`); process.exit(1); });

// The protocol: JSON, each message ended by a NUL.
let asked = 0, rest = Buffer.alloc(0);
const waiting = new Map(), listeners = new Set();
browser.stdio[4].on('data', bytes => {
  rest = Buffer.concat([rest, bytes]);
  for (let end; (end = rest.indexOf(0)) >= 0; rest = rest.subarray(end + 1)) {
    const said = JSON.parse(rest.subarray(0, end).toString());
    const asker = waiting.get(said.id);
    if (asker) {
      waiting.delete(said.id);
      said.error ? asker.reject(new Error(said.error.message)) : asker.resolve(said.result);
    } else {
      listeners.forEach(listen => listen(said));
    }
  }
});
function ask(method, params = {}, sessionId) {
  const id = ++asked;
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`${method}: no answer in ${ANSWER_MS / 1000} s`)), ANSWER_MS);
    waiting.set(id, {
      resolve: result => { clearTimeout(late); resolve(result); },
      reject: fault => { clearTimeout(late); reject(fault); },
    });
    browser.stdio[3].write(JSON.stringify({ id, method, params, sessionId }) + '\0');
  });
}
function event(session, method) {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => { listeners.delete(listen); reject(new Error(`${method}: not in ${ANSWER_MS / 1000} s`)); }, ANSWER_MS);
    const listen = said => {
      if (said.sessionId !== session || said.method !== method) return;
      clearTimeout(late);
      listeners.delete(listen);
      resolve(said.params);
    };
    listeners.add(listen);
  });
}

// What the page says of itself, asked from outside: its own policy lets no script run, and that stays so.
const LOOK = `(() => {
  const wide = document.documentElement.scrollWidth;
  const over = [...document.querySelectorAll('body *')].filter(e => {
    const box = e.getBoundingClientRect();
    const own = e.closest('pre, .unseen, thead, .skip, svg');
    return !own && box.width > 0 && box.right > innerWidth + 1;
  }).slice(0, 3).map(e => e.tagName.toLowerCase() + '.' + e.className);
  const links = [...document.querySelectorAll('a[href]')].map(a => a.href);
  return { wide, over, links, title: document.title };
})()`;

async function walk() {
  const { targetId } = await ask('Target.createTarget', { url: 'about:blank' });
  const { sessionId } = await ask('Target.attachToTarget', { targetId, flatten: true });
  const say = (method, params) => ask(method, params, sessionId);
  const evaluate = async expression => {
    const { result, exceptionDetails } = await say('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true });
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  };
  for (const domain of ['Page', 'Runtime', 'Log']) await say(`${domain}.enable`);
  const faults = [];
  let where = '', status = 0;
  listeners.add(said => {
    if (said.method === 'Log.entryAdded' && said.params.entry.level === 'error') faults.push(`${where}: console: ${said.params.entry.text}`);
    if (said.method === 'Runtime.exceptionThrown') faults.push(`${where}: exception: ${said.params.exceptionDetails.text}`);
    if (said.method === 'Runtime.consoleAPICalled' && said.params.type === 'error') faults.push(`${where}: console.error`);
  });
  if (pictures) mkdirSync(pictures, { recursive: true });
  // One page of each kind; of what has a number or an id, the first few.
  const kind = url => url.pathname.replace(/^\/(alert|article|source|rule|watch)\/.*/, '/$1/…') + [...url.searchParams.keys()].sort().join('&');
  const seen = new Map(), queue = [
    '/', '/articles?q=%40wang-yi', '/articles?q=a+b', '/articles?q=%3Cscript%3E%22', '/alerts?before=1', '/outbox?state=sent', '/nothing', '/login',
  ].map(path => new URL(path, base).href);
  for (let pages = 0; queue.length && pages < PAGES_MAX;) {
    const address = new URL(queue.shift());
    const of = kind(address), before = seen.get(of) ?? [];
    if (address.origin !== new URL(base).origin || before.includes(address.href) || /^\/(feeds|metrics|-)\b/.test(address.pathname)) continue;
    if (before.length >= (/\/…$/.test(of) ? 2 : address.search ? 2 : 1) && !/[?&]q=/.test(address.search)) continue;
    seen.set(of, [...before, address.href]);
    pages += 1;
    for (const width of WIDTHS) {
      const dark = width === 360 ? pages % 2 === 1 : pages % 2 === 0;
      where = `${address.pathname}${address.search} at ${width} px${dark ? ', dark' : ''}`;
      await say('Emulation.setDeviceMetricsOverride', { width, height: 900, deviceScaleFactor: 1, mobile: width < 600 });
      await say('Emulation.setEmulatedMedia', { features: [{ name: 'prefers-color-scheme', value: dark ? 'dark' : 'light' }] });
      const loaded = event(sessionId, 'Page.loadEventFired');
      const expected = address.pathname === '/nothing';
      const known = faults.length;
      const { errorText } = await say('Page.navigate', { url: address.href });
      if (errorText) throw new Error(`${where}: ${errorText}`);
      await loaded;
      // The 404 that was asked for is told on the console, and is none.
      if (expected) faults.splice(known);
      await evaluate(axe);
      const look = await evaluate(LOOK);
      if (look.wide > width || look.over.length) faults.push(`${where}: ${look.wide} px wide: ${look.over.join(', ')}`);
      const found = await evaluate(`axe.run(document, { resultTypes: ['violations'] }).then(r => r.violations.map(v =>
        v.id + ': ' + v.help + ' (' + v.nodes.slice(0, 2).map(n => n.target.join(' ')).join('; ') + ')'))`);
      faults.push(...found.map(fault => `${where}: axe: ${fault}`));
      if (expected) faults.splice(known, faults.length, ...faults.slice(known).filter(fault => !fault.includes('404')));
      if (pictures) {
        const { contentSize, cssContentSize } = await say('Page.getLayoutMetrics');
        const height = Math.min((cssContentSize ?? contentSize).height, 4000);
        const shot = await say('Page.captureScreenshot', { captureBeyondViewport: true, clip: { x: 0, y: 0, width, height, scale: 1 } });
        const name = (address.pathname + address.search).replace(/[^a-z0-9]+/gi, '-').replace(/^-|-$/g, '').slice(0, 60) || 'overview';
        writeFileSync(join(pictures, `${name}-${width}${dark ? '-dark' : ''}.png`), Buffer.from(shot.data, 'base64'));
      }
      if (width === WIDTHS[0]) queue.push(...look.links.map(link => link.split('#')[0]));
      status += 1;
    }
  }
  const kinds = [...seen.keys()];
  for (const must of ['/', '/alerts', '/alert/…', '/articles', '/article/…', '/sources', '/source/…', '/rules', '/rule/…', '/watch/…', '/silences', '/outbox']) {
    if (!kinds.some(of => of === must || of.startsWith(must))) faults.push(`${must}: no link leads there`);
  }
  return { faults, status, pages: [...seen.values()].flat().length };
}

setTimeout(() => { console.error('the walk took longer than 110 s'); done(1); }, 110_000).unref();
walk().then(({ faults, pages, status }) => {
  faults.forEach(fault => console.error(fault));
  console.log(`${pages} pages, looked at ${status} times: ${faults.length ? `${faults.length} faults` : 'no fault'}`);
  done(faults.length ? 1 : 0);
}, fault => { console.error(fault.message); done(1); });
