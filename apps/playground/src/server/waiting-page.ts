const texts = {
  building: [
    "Building the page. This happens once and takes a few seconds.",
    "正在构建页面，仅首次需要，几秒即可完成。",
  ],
  failed: ["The page could not be built. The terminal says why.", "页面构建失败，原因见终端。"],
} as const

/** What `/` shows before the page is there. While it is being built it loads itself anew. */
export function waitingPage(state: keyof typeof texts): string {
  const [en, zh] = texts[state]
  const reload = state === "building" ? '<meta http-equiv="refresh" content="1">' : ""
  return `<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
${reload}
<title>Denglu</title>
<style>
body { display: grid; place-content: center; justify-items: center; min-height: 90vh; margin: 0; padding: 16px; font: 16px/1.6 system-ui, sans-serif; text-align: center; color: light-dark(#191919, #ececec); background: light-dark(#ededed, #111) }
i { width: 48px; height: 48px; margin-bottom: 16px; border-radius: 14px; background: #07c160 }
.failed { background: #fa5151 }
.building { animation: breathe 1.6s ease-in-out infinite }
p { margin: 0 }
p + p { color: light-dark(#555, #b4b4b4) }
@keyframes breathe { 50% { opacity: .4 } }
@media (prefers-reduced-motion: reduce) { .building { animation: none } }
</style>
</head>
<body>
<i class="${state}"></i>
<p role="status">${zh}</p>
<p lang="en">${en}</p>
</body>
</html>
`
}
