import type { Bilingual } from "./language.ts"

/** What `--help` says. */
export const usage: Bilingual = {
  en: `Usage: denglu-stage [folder] [options]

Runs a native mini program's source in a browser page. It is not WeChat.

  folder             where app.json or project.config.json is; default is here
  --port <number>    default 3002; 0 takes a free one
  --user <name>      who holds the phone; default alice
  --wechat <where>   the simulated WeChat that codes come from: an address, or "own".
                     Default is that of \`denglu dev\` on 127.0.0.1:3001 if it runs, else its own
  --allow <origin>   lets the mini program ask another machine, as https://api.example.com;
                     may be given again. This machine may always be asked
  --check            compile, print what is wrong, and leave: exit code 1 if anything is
  --help, --version`,
  zh: `用法：denglu-stage [目录] [选项]

在浏览器页面里运行原生小程序源码。它不是微信。

  目录               app.json 或 project.config.json 所在目录，默认为当前目录
  --port <端口>      默认 3002；0 表示任选一个空闲端口
  --user <名字>      谁拿着这部手机，默认 alice
  --wechat <来源>    code 由哪个模拟微信签发：一个地址，或 own（自带）。
                     默认：若 127.0.0.1:3001 上有 denglu dev 则用它，否则自带
  --allow <源>       允许小程序请求另一台机器，例如 https://api.example.com，可重复；
                     本机始终可以请求
  --check            编译，列出问题后退出；有错误则退出码为 1
  --help、--version`,
}
