/** Height of the bar with the title, in px, with the status bar above it: as the simulated `wx` says. */
export const navHeight = 64

/** Of the phone's own parts; the measures are WeChat's on a screen 375 px wide. */
export const chromeStyle = `
:root { --nav: ${navHeight}px; --status: 20px; --tabs: 0px; --ink: #191919; --paper: #fff; --hair: rgba(0, 0, 0, .1); --tint: #ededed; color-scheme: light; }
* { -webkit-tap-highlight-color: transparent; }
html, body { margin: 0; height: 100%; overflow: hidden; color: var(--ink); background: var(--paper);
  font: 16px/1.4 -apple-system, "PingFang SC", "Helvetica Neue", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif; }
body { display: flex; flex-direction: column; --vh: calc((100vh - var(--nav) - var(--tabs)) / 100); }
body.stage-custom-nav { --nav: 0px; }
body.stage-has-tabs { --tabs: 56px; }
.stage-nav { flex: none; position: relative; box-sizing: border-box; height: ${navHeight}px; padding-top: var(--status); display: flex; align-items: center; background: var(--tint); z-index: 5; }
.stage-custom-nav .stage-nav { position: absolute; inset: 0 0 auto; background: none !important; pointer-events: none; }
.stage-custom-nav .stage-nav-title, .stage-custom-nav .stage-nav-back { visibility: hidden; }
.stage-nav-title { position: absolute; left: 96px; right: 96px; margin: 0; font-size: 17px; font-weight: 500; line-height: 44px; text-align: center; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
.stage-nav-light { color: #fff; }
.stage-nav-loading .stage-nav-title::before { content: ""; display: inline-block; width: 14px; height: 14px; margin-right: 6px; vertical-align: -2px; border: 2px solid; border-right-color: transparent; border-radius: 50%; animation: stage-turn 1s linear infinite; }
.stage-nav-back { width: 44px; height: 44px; padding: 0; border: 0; background: none; color: inherit; cursor: pointer; }
.stage-nav-back[hidden] { display: none; }
.stage-nav-back::before { content: ""; display: block; width: 10px; height: 10px; margin-left: 18px; border: solid; border-width: 0 0 2px 2px; transform: rotate(45deg); }
.stage-capsule { position: absolute; right: 7px; top: 24px; box-sizing: border-box; width: 87px; height: 32px; display: flex; align-items: center; border: 1px solid var(--hair); border-radius: 16px; background: rgba(255, 255, 255, .6); color: #191919; }
.stage-capsule i { flex: 1; height: 18px; display: grid; place-items: center; }
.stage-capsule-more { border-right: 1px solid var(--hair); }
.stage-capsule-more::before { content: ""; width: 6px; height: 6px; border-radius: 50%; background: currentColor; box-shadow: -8px 0 0 -1px currentColor, 8px 0 0 -1px currentColor; }
.stage-capsule-close::before { content: ""; width: 8px; height: 8px; border: 4px double currentColor; border-radius: 50%; }
.stage-frame { flex: 1; min-height: 0; position: relative; transform: translateZ(0); overflow: hidden; background: var(--stage-page-background, transparent); }
.stage-pages { height: 100%; }
.wx-page { height: 100%; overflow: hidden auto; -webkit-overflow-scrolling: touch; background: var(--stage-page-background, transparent); scrollbar-width: none; }
.wx-page[hidden] { display: none; }
.stage-tabs { flex: none; display: flex; height: 56px; border-top: 1px solid var(--hair); background: var(--paper); z-index: 5; }
.stage-tabs[hidden], .stage-tabs-hidden { display: none; }
.stage-tab { flex: 1; position: relative; display: flex; flex-direction: column; align-items: center; justify-content: center; gap: 2px; padding: 0; border: 0; background: none; font: inherit; font-size: 10px; cursor: pointer; }
.stage-tab-icon { width: 27px; height: 27px; }
.stage-tab-icon[hidden] { display: none; }
.stage-tab-icon[hidden] + .stage-tab-text { font-size: 16px; }
.stage-tab-badge { position: absolute; top: 4px; left: calc(50% + 6px); min-width: 16px; padding: 0 4px; box-sizing: border-box; border-radius: 8px; background: #fa5151; color: #fff; font-size: 11px; line-height: 16px; }
.stage-tab-badge[hidden] { display: none; }
.stage-tab-badge:empty { min-width: 8px; height: 8px; padding: 0; }
.stage-overlay { position: fixed; inset: 0; pointer-events: none; z-index: 100; }
.stage-overlay > * { pointer-events: auto; }
:focus-visible { outline: 2px solid #576b95; outline-offset: -2px; }
@keyframes stage-turn { to { transform: rotate(1turn); } }
`
