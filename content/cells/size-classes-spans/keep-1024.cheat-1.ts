import { array, boot, struct, uint8 } from "goheap";

//zh 去掉了 next
//en takes next out
const Record = struct("Record", {
  data: array(1024, uint8),
});

const go = boot();
const { elemsize, header } = go.where(go.new(Record));
const { size, pointers } = Record;
table([{ size, pointers, elemsize, header }]);
