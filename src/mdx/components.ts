/** What a chapter's MDX may use, and what its `##` becomes. */
import Cell from "../components/Cell.astro";
import Change from "../components/Change.astro";
import Claim from "../components/Claim.astro";
import Exercise from "../components/Exercise.astro";
import Fig from "../components/Fig.astro";
import InGo from "../components/InGo.astro";
import Listing from "../components/Listing.astro";
import Note from "../components/Note.astro";
import Opening from "../components/Opening.astro";
import Recall from "../components/Recall.astro";
import Term from "../components/Term.astro";
import V from "../components/V.astro";

export const components = {
  h2: Opening,
  Cell,
  Change,
  Claim,
  Exercise,
  Fig,
  InGo,
  Note,
  pre: Listing,
  Recall,
  Term,
  V,
};
