import { array, boot, int64 } from "goheap";

//zh 一千个 808 字节的对象：左边是引擎，右边录自真实的 Go
//en 1000 objects of 808 bytes: left the engine, right real Go
const go = boot();
const T = array(101, int64);
for (let i = 0; i < 1000; i++) go.new(T);
const fact = recorded("facts-1", "F18", "values");
const { arenas } = fact;
table([
  {
    objects: arenas.objects,
    new: go.memstats().Mallocs,
    "arena 1": arenas.mallocsInTheFirstArena,
    "arena 2": arenas.mallocsInTheSecondArena,
  },
]);
print("on:", fact.on.join(" "));
print("off:", fact.offButKnown.join(" "));
