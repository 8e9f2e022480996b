const dark = `
    --text: var(--denglu-text, rgba(255, 255, 255, .85));
    --muted: var(--denglu-muted, rgba(255, 255, 255, .55));
    --line: var(--denglu-line, rgba(255, 255, 255, .12));
    --surface: var(--denglu-surface, #1e1e1e);
    --field: var(--denglu-field, #2c2c2c);
    --danger: var(--denglu-danger, #fa7d77);`

/**
 * The panel's looks, with WeUI's measures and colours. A page changes them by custom properties on `denglu-login`, or by the parts
 * `panel`, `tab`, `input`, `button`, `code` and `number`.
 */
export const style = `
:host {
  --accent: var(--denglu-accent, #07c160);
  --accent-text: var(--denglu-accent-text, #fff);
  --text: var(--denglu-text, rgba(0, 0, 0, .9));
  --muted: var(--denglu-muted, rgba(0, 0, 0, .55));
  --line: var(--denglu-line, rgba(0, 0, 0, .1));
  --surface: var(--denglu-surface, #fff);
  --field: var(--denglu-field, #f7f7f7);
  --danger: var(--denglu-danger, #c8352f);
  --radius: var(--denglu-radius, 12px);
  display: block;
  max-width: 360px;
  color: var(--text);
  font: 16px/1.5 system-ui, -apple-system, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif;
  color-scheme: light dark;
}
:host([hidden]) { display: none }
@media (prefers-color-scheme: dark) {
  :host(:not([theme="light"])) {
    ${dark}
  }
}
:host([theme="dark"]) {
  ${dark}
  color-scheme: dark;
}
:host([theme="light"]) { color-scheme: light }
* { box-sizing: border-box }
[hidden] { display: none !important }
.panel { background: var(--surface); border: 1px solid var(--line); border-radius: var(--radius); overflow: hidden }
[role="tablist"] { display: flex; border-bottom: 1px solid var(--line) }
[role="tab"] {
  flex: 1; padding: 14px 4px 12px; border: 0; border-bottom: 2px solid transparent; background: none; color: var(--muted);
  font: inherit; font-size: 15px; cursor: pointer;
}
[role="tab"][aria-selected="true"] { color: var(--text); font-weight: 600; border-bottom-color: var(--accent) }
[role="tabpanel"] { padding: 24px; min-height: 344px; display: flex; flex-direction: column }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px }
[role="tab"]:focus-visible { outline-offset: -4px; border-radius: 6px }
.field { margin-bottom: 16px }
label { display: block; margin-bottom: 6px; font-size: 14px; color: var(--muted) }
.line { display: flex; gap: 8px }
input {
  flex: 1; min-width: 0; height: 48px; padding: 0 14px; border: 1px solid transparent; border-radius: 8px; background: var(--field); color: inherit;
  font: inherit;
}
input:focus { outline: 2px solid var(--accent); outline-offset: -1px }
input[aria-invalid="true"] { border-color: var(--danger) }
button { font: inherit }
.main {
  width: 100%; height: 48px; margin-top: 8px; border: 0; border-radius: 8px; background: var(--accent); color: var(--accent-text);
  font-weight: 600; cursor: pointer;
}
.main:hover { filter: brightness(.96) }
.main:active { filter: brightness(.9) }
.beside {
  padding: 0 12px; border: 0; border-radius: 8px; background: var(--field); color: var(--text); font-size: 14px; white-space: nowrap; cursor: pointer;
}
button:disabled { opacity: .5; cursor: default; filter: none }
.switch { align-self: center; margin-top: 12px; padding: 4px 12px; background: none; color: var(--muted) }
.hint, .said { margin: 0; font-size: 13px; line-height: 1.5; color: var(--muted) }
.field + .hint { margin: -8px 0 16px }
.said { min-height: 40px; margin-top: auto; padding-top: 12px; text-align: center }
.said[data-kind="error"] { color: var(--danger) }
.code { position: relative; width: 200px; height: 200px; margin: 0 auto; padding: 8px; border-radius: 12px; background: #fff }
.code img { display: block; width: 100%; height: 100% }
.code[data-off] img { opacity: .08 }
.code .over {
  position: absolute; inset: 0; display: flex; flex-direction: column; align-items: center; justify-content: center; gap: 12px; padding: 16px;
  color: rgba(0, 0, 0, .9); text-align: center; font-size: 15px;
}
.code .over button { padding: 8px 16px; border: 0; border-radius: 8px; background: var(--accent); color: var(--accent-text); font-size: 14px; cursor: pointer }
.steps { margin: 16px 0 0; text-align: center }
.steps p { margin: 0 }
.number { display: block; margin-top: 2px; font-size: 34px; line-height: 1.25; font-weight: 700; letter-spacing: 6px; text-indent: 6px; font-variant-numeric: tabular-nums }
.visually-hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap }
@media (prefers-reduced-motion: no-preference) { [role="tab"], .main, .code img { transition: opacity .2s, border-color .2s, filter .2s } }
@media (max-width: 400px) { [role="tabpanel"] { padding: 20px 16px } }
`
