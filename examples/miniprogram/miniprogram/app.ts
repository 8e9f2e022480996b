import { announceEnd } from "./log-out.js"

App({
  onLaunch() {
    announceEnd()
  },
})
