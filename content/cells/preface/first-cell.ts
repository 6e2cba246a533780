import { array, boot, uint8 } from "goheap";

const go = boot();
//zh 改掉其中任何一个数，再点“运行”
//en change any of these numbers, and press Run
const sizes = [1, 9, 33];

const objects = sizes.map((n) => go.new(array(n, uint8)));
table(
  objects.map((object) => {
    const { address, elemsize, sizeclass } = go.where(object);
    return { size: object.size, elemsize, sizeclass, address };
  }),
);
heap(go, { span: objects[2] });
