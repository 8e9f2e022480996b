#!/usr/bin/env node
// Plain JavaScript that an old Node can read too, so that it can be told what is wrong.
import { readFileSync } from "node:fs"
import * as nodeModule from "node:module"

const needed = [22, 13]
const [major, minor] = process.versions.node.split(".").map(Number)

if (major < needed[0] || (major === needed[0] && minor < needed[1])) {
  console.error(
    `denglu needs Node ${needed.join(".")} or later; this is ${process.versions.node}. Install a newer one: https://nodejs.org\n` +
      `denglu 需要 Node ${needed.join(".")} 或更高版本，当前为 ${process.versions.node}。请安装新版本：https://nodejs.org/zh-cn`,
  )
  process.exitCode = 1
} else {
  // SQLite is a release candidate in Node; the warning would stand above everything a command prints.
  const emitWarning = process.emitWarning
  process.emitWarning = (warning, ...rest) => {
    if (!/SQLite is an experimental feature/.test(String(warning)))
      emitWarning.call(process, warning, ...rest)
  }
  nodeModule.enableCompileCache?.()
  const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"))
  const cli = await import("#cli").catch(error => {
    // A clone of the repository; what is installed from npm is built.
    if (error.code !== "ERR_MODULE_NOT_FOUND" || !/dist.bundle.main\.js'/.test(error.message)) throw error
    console.error(
      "Not built yet: npm run build, or npm start in the repository.\n" +
        "尚未构建：请运行 npm run build，或在仓库中运行 npm start。",
    )
    process.exitCode = 1
  })
  await cli?.main(version)
}
