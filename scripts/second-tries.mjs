/** Names the tests that passed at their second try only: on a machine that others use, too, that is no failure, and no secret either. */
export default class SecondTries {
  onTestCaseResult(testCase) {
    const { flaky = false } = testCase.diagnostic() ?? {};
    if (flaky) console.log(`\nsecond try: ${testCase.fullName}`);
  }
}
