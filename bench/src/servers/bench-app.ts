/** What seals session keys in the bench's databases, so that one process can make what another reads. */
export const benchSecret = "5f3a9c1e7b2d4086-a1b2c3d4e5f60718-bench"

export const benchApp = { appid: "wxsim0000000000001", secret: "0".repeat(32) }

/** On, as in production, and too high to be met. */
export const benchLimits = {
  loginsPerAddress: 1_000_000_000,
  loginsPerApp: 1_000_000_000,
  refreshesPerAddress: 1_000_000_000,
}
