/** Answers the questions of the process that started this one (`Child`), and ends with it. @param answers by question */
export function answerParent(answers) {
  const answer = async ({ id, what, ...given }) => process.send({ id, result: await answers[what](given) });
  process.on('message', (question) => void answer(question));
  process.on('disconnect', () => process.exit(0));
}
