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
<style>body { font: 17px/1.6 system-ui, sans-serif; display: grid; place-content: center; min-height: 90vh; text-align: center; padding: 16px }</style>
</head>
<body>
<p role="status">${zh}</p>
<p lang="en">${en}</p>
</body>
</html>
`
}
