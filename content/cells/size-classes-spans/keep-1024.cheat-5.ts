import { array, boot, pointer, struct, uint8 } from "goheap";

//zh 把指针挪到最后
//en moves the pointer to the end
const Record = struct("Record", {
  data: array(1016, uint8),
  next: pointer("Record"),
});

const go = boot();
const { elemsize, header } = go.where(go.new(Record));
const { size, pointers } = Record;
table([{ size, pointers, elemsize, header }]);
