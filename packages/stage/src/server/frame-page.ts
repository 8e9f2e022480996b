/** The page around the phone: what it is, what it called, what went wrong. */
export const framePage = `<!doctype html>
<html lang="zh">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<title>denglu-stage</title>
<style>
:root { color-scheme: light dark; --ink: #191919; --soft: #6b6b6b; --paper: #ededed; --card: #fff; --hair: rgba(0,0,0,.1); --green: #07c160; --red: #fa5151; --amber: #b26a00; }
@media (prefers-color-scheme: dark) { :root { --ink: #d5d5d5; --soft: #8f8f8f; --paper: #111; --card: #191919; --hair: rgba(255,255,255,.12); --amber: #ffc300; } }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; background: var(--paper); color: var(--ink); font: 14px/1.5 -apple-system, "PingFang SC", "Helvetica Neue", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif; }
main { display: grid; grid-template-columns: auto minmax(280px, 520px); gap: 40px; justify-content: center; align-items: start; padding: 32px 24px; }
.phone { width: 399px; padding: 12px; border-radius: 48px; background: #191919; box-shadow: 0 24px 64px rgba(0,0,0,.25); }
.phone iframe { display: block; width: 375px; height: min(760px, calc(100vh - 120px)); min-height: 520px; border: 0; border-radius: 36px; background: var(--card); }
.not { margin: 12px 0 0; text-align: center; color: var(--soft); font-size: 12px; }
h1 { margin: 8px 0 4px; font-size: 20px; font-weight: 600; }
p { margin: 0 0 16px; color: var(--soft); }
.buttons { display: flex; flex-wrap: wrap; gap: 8px; margin-bottom: 24px; }
button { padding: 6px 14px; border: 1px solid var(--hair); border-radius: 6px; background: var(--card); color: inherit; font: inherit; cursor: pointer; }
button:hover { border-color: var(--green); }
:focus-visible { outline: 2px solid var(--green); outline-offset: 2px; }
section { margin-bottom: 24px; padding: 16px; border-radius: 12px; background: var(--card); }
h2 { margin: 0 0 8px; font-size: 13px; font-weight: 600; color: var(--soft); }
ol { margin: 0; padding: 0; list-style: none; max-height: 320px; overflow: auto; font: 12px/1.6 ui-monospace, Menlo, Consolas, monospace; overflow-wrap: anywhere; }
li.error { color: var(--red); } li.warning { color: var(--amber); }
li b { font-weight: 600; }
ol:empty::after { content: attr(data-empty); color: var(--soft); font-family: inherit; }
@media (max-width: 800px) { main { grid-template-columns: 1fr; padding: 16px 0; gap: 16px; justify-items: center; } .phone { width: auto; padding: 0; border-radius: 0; background: none; box-shadow: none; } .phone iframe { width: 100vw; max-width: 375px; border-radius: 0; } .side { width: 100%; padding: 0 16px; } }
</style>
</head>
<body>
<main>
<div>
<div class="phone"><iframe id="phone" title="phone" src="phone/"></iframe></div>
<p class="not" id="not"></p>
</div>
<div class="side">
<h1>denglu-stage</h1>
<p id="what"></p>
<div class="buttons"><button id="restart"></button><button id="clear"></button></div>
<section><h2 id="problems-title"></h2><ol id="problems"></ol></section>
<section><h2 id="calls-title"></h2><ol id="calls"></ol></section>
</div>
</main>
<script src="frame.js"></script>
</body>
</html>
`
