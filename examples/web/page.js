import "@denglu/web/panel"

const panel = document.querySelector("denglu-login")
const account = document.querySelector("#account")
// The session is in cookies that no script can read; the panel's login knows whose it is.
const { login } = panel

async function show(user) {
  panel.hidden = user !== null
  account.hidden = user === null
  if (user === null) return
  document.querySelector("#user").textContent = user.nickname ?? user.id
  const { orders } = await login.request("/orders")
  document.querySelector("#orders").textContent = orders.length
}

document.querySelector("#leave").addEventListener("click", () => login.logout())
login.onChange(show)
await show(await login.ready())
