/** What the web page on the computer says. */
export const texts = {
  zh: {
    shop: "示例商城",
    enter: "登录",
    leave: "退出",
    news: "本周好物",
    hint: "登录后查看你的订单。",
    ended: "你已退出登录：这次会话在别处被终止了。",
    hello: (name: string) => `你好，${name}`,
    somebody: (id: string) => `用户 ${id}`,
    session: "会话在 Cookie 中，页面脚本读不到它。",
    orders: "你的订单",
    failed: "订单暂时无法显示",
    goods: [
      ["手冲咖啡豆 · 云南 250 g", "¥68.00"],
      ["陶瓷马克杯 · 月白", "¥45.00"],
      ["燕麦奶 · 1 L × 6", "¥89.90"],
    ],
  },
  en: {
    shop: "Demo shop",
    enter: "Log in",
    leave: "Log out",
    news: "New this week",
    hint: "Log in to see your orders.",
    ended: "You are logged out: this session was ended elsewhere.",
    hello: (name: string) => `Hello, ${name}`,
    somebody: (id: string) => `user ${id}`,
    session: "The session is in cookies that no script of the page can read.",
    orders: "Your orders",
    failed: "The orders can't be shown just now",
    goods: [
      ["Coffee beans, Yunnan, 250 g", "¥68.00"],
      ["Porcelain mug, moon white", "¥45.00"],
      ["Oat milk, 1 L × 6", "¥89.90"],
    ],
  },
} as const
