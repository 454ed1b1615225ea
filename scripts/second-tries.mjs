/** How much is shown of why the first try failed. */
const MAX_SHOWN = 500;

/** Names the tests that passed at their second try only, and why they did not at first: on a machine that others use, too, that is no failure, and no secret either. */
export default class SecondTries {
  onTestCaseResult(testCase) {
    const { flaky = false } = testCase.diagnostic() ?? {};
    if (!flaky) return;
    const why = (testCase.result().errors ?? []).map(({ message }) => message.slice(0, MAX_SHOWN));
    console.log(`\nsecond try: ${testCase.fullName}${why.map((text) => `\n  ${text}`).join('')}`);
  }
}
