/** The page around the phone: what it is, where it is, what it called, what went wrong. Its texts are the script's. */
export const framePage = `<!doctype html>
<html lang="zh">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<title>denglu-stage</title>
<style>
:root { --sans: -apple-system, "PingFang SC", "Helvetica Neue", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif; color-scheme: light dark; --ink: #191919; --soft: #6b6b6b; --paper: #f2f3f5; --card: #fff; --hair: rgba(0,0,0,.09); --green: #07c160; --red: #d92c2c; --amber: #9a5b00; --amber-paper: #fff4e0; --code: #f6f7f9; }
@media (prefers-color-scheme: dark) { :root { --ink: #dcdcdc; --soft: #949494; --paper: #101112; --card: #1b1c1e; --hair: rgba(255,255,255,.1); --red: #ff7a75; --amber: #ffc34d; --amber-paper: #332710; --code: #131416; } }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; background: var(--paper); color: var(--ink); font: 14px/1.5 var(--sans); }
header { display: flex; flex-wrap: wrap; align-items: center; gap: 8px 14px; padding: 12px 24px; background: var(--card); border-bottom: 1px solid var(--hair); }
h1 { display: flex; align-items: center; gap: 10px; margin: 0; font-size: 16px; font-weight: 600; }
h1::before { content: ""; width: 12px; height: 20px; border: 2px solid var(--green); border-radius: 4px; box-shadow: inset 0 -3px 0 var(--green); }
.not { padding: 3px 10px; border-radius: 12px; background: var(--amber-paper); color: var(--amber); font-size: 12px; }
.buttons { display: flex; gap: 8px; margin-left: auto; }
button, select { padding: 6px 14px; border: 1px solid var(--hair); border-radius: 8px; background: var(--card); color: inherit; font: inherit; cursor: pointer; }
button:hover, select:hover { border-color: var(--green); }
:focus-visible { outline: 2px solid var(--green); outline-offset: 2px; }
main { display: grid; grid-template-columns: auto minmax(320px, 620px); gap: 48px; justify-content: center; align-items: start; padding: 28px 24px 40px; }
.phone { position: sticky; top: 24px; width: 399px; padding: 12px; border-radius: 50px; background: #16171a; box-shadow: 0 1px 2px rgba(0,0,0,.3), 0 20px 50px rgba(0,0,0,.18), inset 0 0 0 2px #3a3b40; }
.phone::before { content: ""; position: absolute; z-index: 1; top: 17px; left: 50%; width: 84px; height: 14px; margin-left: -42px; border-radius: 8px; background: #16171a; pointer-events: none; }
.phone iframe { display: block; width: 375px; height: min(760px, calc(100vh - 148px)); min-height: 540px; border: 0; border-radius: 38px; background: var(--card); }
section { margin-bottom: 16px; padding: 16px 20px; border: 1px solid var(--hair); border-radius: 14px; background: var(--card); }
h2 { display: flex; align-items: center; gap: 8px; margin: 0 0 10px; font-size: 14px; font-weight: 600; }
h2 b { min-width: 20px; padding: 0 6px; border-radius: 10px; background: var(--code); color: var(--soft); font-size: 12px; font-weight: 500; line-height: 20px; text-align: center; }
h2 b:empty { display: none; }
h2 b.bad { background: var(--red); color: var(--card); }
dl { display: grid; grid-template-columns: auto 1fr; gap: 8px 16px; align-items: center; margin: 0; }
dt { color: var(--soft); }
dd { margin: 0; min-width: 0; overflow-wrap: anywhere; }
select { width: 100%; padding: 6px 8px; text-overflow: ellipsis; }
code, ol, pre { font: 12px/1.6 ui-monospace, "SF Mono", Menlo, Consolas, monospace; }
ol { margin: 0; padding: 0; list-style: none; max-height: 380px; overflow: auto; overflow-wrap: anywhere; }
ol:empty::after { content: attr(data-empty); color: var(--soft); font: 13px/1.6 var(--sans); }
li { display: flex; flex-wrap: wrap; gap: 0 10px; padding: 3px 0; }
#problems li { display: block; padding: 8px 0; border-top: 1px solid var(--hair); }
#problems li:first-child { border-top: 0; padding-top: 0; }
li b { font-weight: 600; } li.error b { color: var(--red); } li.warning b { color: var(--amber); }
li time { width: 56px; color: var(--soft); text-align: right; font-variant-numeric: tabular-nums; } li i { margin-left: auto; color: var(--soft); font-style: normal; }
pre { margin: 6px 0 0; padding: 6px 10px; border-radius: 6px; background: var(--code); overflow-x: auto; }
mark { border-radius: 2px; background: var(--red); color: var(--card); }
@media (max-width: 860px) {
  header { gap: 8px; padding: 10px 12px; } .not { order: 3; width: 100%; text-align: center; } .buttons button { padding: 4px 10px; font-size: 13px; }
  main { grid-template-columns: 1fr; gap: 16px; padding: 0 0 24px; justify-items: center; }
  .phone { position: static; width: 100%; padding: 0; border-radius: 0; background: none; box-shadow: none; } .phone::before { display: none; }
  .phone iframe { width: 100%; max-width: 480px; height: calc(100dvh - 90px); margin: 0 auto; border-radius: 0; border-bottom: 1px solid var(--hair); }
  .side { width: 100%; padding: 0 12px; }
}
</style>
</head>
<body>
<header>
<h1>denglu-stage</h1><span class="not" id="not"></span>
<div class="buttons"><button id="restart"></button><button id="clear"></button></div>
</header>
<main>
<div class="phone"><iframe id="phone" title="phone" src="phone/"></iframe></div>
<div class="side">
<section><h2 id="where-title"></h2><dl>
<dt id="page-title"></dt><dd><code id="page">…</code></dd>
<dt><label for="pages" id="pages-title"></label></dt><dd><select id="pages"></select></dd>
<dt id="owner-title"></dt><dd id="owner"></dd>
</dl></section>
<section aria-live="polite"><h2><span id="problems-title"></span><b id="problems-count"></b></h2><ol id="problems"></ol></section>
<section><h2><span id="calls-title"></span><b id="calls-count"></b></h2><ol id="calls"></ol></section>
</div>
</main>
<script src="frame.js"></script>
</body>
</html>
`
