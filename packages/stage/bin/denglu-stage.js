#!/usr/bin/env node
// Plain JavaScript that an old Node can read too, so that it can be told what is wrong.
import * as nodeModule from "node:module"

const needed = [22, 13]
const [major, minor] = process.versions.node.split(".").map(Number)

if (major < needed[0] || (major === needed[0] && minor < needed[1])) {
  console.error(
    `denglu-stage needs Node ${needed.join(".")} or later; this is ${process.versions.node}. Install a newer one: https://nodejs.org\n` +
      `denglu-stage 需要 Node ${needed.join(".")} 或更高版本，当前为 ${process.versions.node}。请安装新版本：https://nodejs.org/zh-cn`,
  )
  process.exitCode = 1
} else {
  nodeModule.enableCompileCache?.()
  // In the repository nothing is built: there it runs from its sources.
  if (!import.meta.url.includes("/node_modules/"))
    nodeModule.registerHooks?.({
      resolve: (specifier, context, next) =>
        next(specifier, { ...context, conditions: [...context.conditions, "denglu-source"] }),
    })
  const { main } = await import("#cli")
  await main(process.argv.slice(2))
}
