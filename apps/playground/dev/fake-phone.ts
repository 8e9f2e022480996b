/** A page in the place of the phone's: three buttons that play what the mini program would do. */
export function fakePhone(person: string): string {
  return `<!doctype html>
<html lang="zh-CN">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${person}</title>
<style>
  :root { color-scheme: light dark }
  body { margin: 0; font: 16px/1.5 -apple-system, "PingFang SC", "Microsoft YaHei", sans-serif; background: light-dark(#ededed, #111) }
  header { padding: 56px 16px 12px; text-align: center; font-weight: 600; background: light-dark(#fff, #191919) }
  main { display: grid; gap: 16px; padding: 96px 32px }
  h1 { margin: 0 0 24px; text-align: center; font-size: 22px }
  button { padding: 12px; border: 0; border-radius: 8px; font: inherit; background: light-dark(#fff, #2a2a2a) }
  button:first-of-type { background: #07c160; color: #fff; font-weight: 600 }
</style>
<header>咖啡小店</header>
<main>
  <h1>你好，${person}</h1>
  <button data-act="login">微信登录</button>
  <button data-act="orders">我的订单</button>
  <button data-act="open-data">解密开放数据</button>
</main>
<script>
  addEventListener("click", event => {
    const act = event.target.dataset.act
    if (act) fetch("./act", { method: "POST", body: act })
  })
</script>
</html>`
}
