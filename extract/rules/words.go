package rules

// Closed classes of words.
var (
	subjectPronouns = setOf("i he she they we it there this that you nobody everyone everybody somebody someone both neither none everything nothing who")
	auxiliaries     = setOf("am is are was were be been being has have had having do does did will would shall should can could may might must 's 'd ain't")
	finiteAux       = setOf("am is are was were has have had do does did will would shall should can could may might must 's 'd")
	determiners     = setOf("the a an my his her their our its your this that these those some any no each every both all another one")
	possessives     = setOf("my his her their our its your")
	adverbs         = setOf("still now then also just so really always never ever only already currently recently usually often sometimes actually clearly probably " +
		"possibly certainly definitely again maybe perhaps obviously basically generally mostly even not very quite all both later since soon today tonight yesterday tomorrow once")
	connectors = setOf("and but or nor so because although though while whilst when whenever where which who whom whose that if unless until till after before since as than " +
		"whether then cos cause how what why except plus like")
	coordinators = setOf("and but or nor so yet plus")
	breaks       = setOf("but although though however because cos whereas while whilst except so when which who where until till since unless yet")
	prepositions = setOf("in at on by to for from of with about into onto over under near round around between during through without within after before since until till towards " +
		"up down off out outside inside upstairs downstairs behind beside past via per against")
	stopWords = setOf("the a an and or but of to in on at for with by from is are was were be been has have had do does did i he she it they we you his her their its my our " +
		"your that this these those there as so if not no")
)

// CommonWord reports whether a word is one of the closed classes, or a verb, and so no name although a sentence may begin with it.
func CommonWord(w string) bool {
	return stopWords[w] || auxiliaries[w] || determiners[w] || connectors[w] || prepositions[w] || adverbs[w] || subjectPronouns[w]
}
