import { describeContainerizer } from './conformance/containerizer.conformance.js';

describeContainerizer('the bare containerizer', {
  ...{ containerizer: 'bare', holdsEscapees: true, otherUser: { name: 'daemon', uid: 1, gid: 1 } },
});
