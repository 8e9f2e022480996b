type Text = readonly [zh: string, en: string]

/** What the page around the phone says, by the ids of its elements. */
export const frameTexts: {
  readonly parts: Readonly<Record<string, Text>>
  readonly noProblems: Text
  readonly noCalls: Text
} = {
  parts: {
    not: [
      "模拟的 wx，不是微信 · 发布前请在真机上测试",
      "A simulated wx, not WeChat · test on a real device too",
    ],
    restart: ["重新启动", "Restart"],
    clear: ["清除本地存储", "Clear storage"],
    "where-title": ["小程序", "Mini program"],
    "page-title": ["页面栈", "Page stack"],
    "pages-title": ["打开", "Open"],
    "owner-title": ["使用者", "Held by"],
    "problems-title": ["问题", "Problems"],
    "calls-title": ["wx 调用", "Calls of wx"],
  },
  noProblems: ["没有问题。保存文件后会自动刷新。", "None. It reloads when you save a file."],
  noCalls: ["还没有调用。", "None yet."],
}
