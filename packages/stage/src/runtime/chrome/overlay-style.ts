/** Of toasts, dialogs and sheets: WeUI's measures and colours. */
export const overlayStyle = `
.stage-mask { position: absolute; inset: 0; display: flex; background: rgba(0, 0, 0, .6); }
.stage-box { box-sizing: border-box; background: var(--paper); overflow: hidden; }
.stage-mask-modal { align-items: center; justify-content: center; }
.stage-mask-modal .stage-box { width: 320px; border-radius: 12px; text-align: center; }
.stage-box-title { margin: 32px 24px 0; font-size: 17px; font-weight: 500; }
.stage-box-text { margin: 16px 24px; font-size: 17px; color: var(--soft, rgba(127, 127, 127, .95)); white-space: pre-wrap; overflow-wrap: anywhere; }
.stage-box-text:first-child { margin-top: 32px; color: inherit; }
.stage-box-input { box-sizing: border-box; width: calc(100% - 48px); margin: 16px 24px; padding: 8px; border: 1px solid var(--hair); border-radius: 4px; font: inherit; background: none; color: inherit; }
.stage-box-buttons { display: flex; margin-top: 32px; border-top: 1px solid var(--hair); }
.stage-box-buttons button { flex: 1; height: 56px; border: 0; background: none; font: inherit; font-size: 17px; font-weight: 500; color: inherit; cursor: pointer; }
.stage-box-buttons button + button { border-left: 1px solid var(--hair); }
.stage-box-buttons .stage-box-confirm { color: #576b95; }
.stage-mask-sheet { align-items: flex-end; }
.stage-mask-sheet .stage-box { width: 100%; border-radius: 12px 12px 0 0; text-align: center; }
.stage-sheet-item { display: block; width: 100%; min-height: 56px; border: 0; border-top: 1px solid var(--hair); background: none; font: inherit; font-size: 17px; color: inherit; cursor: pointer; }
.stage-sheet-item:first-child { border-top: 0; }
.stage-sheet-cancel { border-top: 8px solid var(--tint); }
.stage-toast { position: absolute; inset: 0; display: grid; place-items: center; pointer-events: none; }
.stage-toast-mask { pointer-events: auto; }
.stage-toast-box { box-sizing: border-box; min-width: 136px; max-width: 300px; padding: 24px 16px; border-radius: 12px; background: rgba(76, 76, 76, .96); color: #fff; text-align: center; }
.stage-toast-box p { margin: 0; font-size: 17px; }
.stage-toast-box::before { content: "✓"; display: block; margin-bottom: 12px; font-size: 40px; line-height: 40px; }
.stage-toast-none { padding: 12px 16px; }
.stage-toast-none::before { display: none; }
.stage-toast-error::before { content: "!"; }
.stage-toast-loading::before { content: ""; width: 36px; height: 36px; margin: 0 auto 12px; box-sizing: border-box; border: 3px solid; border-right-color: transparent; border-radius: 50%; animation: stage-turn 1s linear infinite; }
.stage-sheet-note { margin: 0 24px 24px; font-size: 14px; color: #888; }
@media (prefers-reduced-motion: reduce) { .stage-toast-loading::before { animation-duration: 4s; } }
`
