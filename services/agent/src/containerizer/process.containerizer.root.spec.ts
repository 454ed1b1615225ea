import { describeContainerizer } from './conformance/containerizer.conformance.js';

describeContainerizer('the process containerizer', {
  ...{ containerizer: 'process', holdsEscapees: false },
  ...(process.getuid?.() === 0 && { otherUser: { name: 'daemon', uid: 1, gid: 1 } }),
});
