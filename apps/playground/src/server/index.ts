export { createPlayground, type Playground, type PlaygroundOptions } from "./playground.ts"
export type { WeChatExchange } from "./wechat-exchange.ts"
