import { array, boot, uint8 } from "goheap";

const go = boot();
//zh 以为 32 之后才是 48
//en takes 32 for one too many
const T = array(32, uint8);

const { elemsize, sizeclass } = go.where(go.new(T));
table([{ size: T.size, elemsize, sizeclass }]);
