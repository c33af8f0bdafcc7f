"""Words that are aspects of some product, and words that are not: from them a shop's encoder learns the
difference (:mod:`retrieval.aspect_mining.likeness`). English, written for many kinds of shops.
"""

from __future__ import annotations

from retrieval.aspect_mining.words import GENERAL_ASPECTS, GENERIC_NOUNS, OPINION_ADJECTIVES, VERBS


def _terms(text: str) -> frozenset[str]:
    return frozenset(term.strip() for term in text.split(","))


_PARTS = _terms(
    "battery, screen, display, touchscreen, camera, lens, flash, viewfinder, speaker, speakers, "
    "microphone, keyboard, touchpad, button, buttons, keys, port, ports, jack, cable, cord, power cord, "
    "charger, adapter, antenna, remote control, hard drive, memory card, processor, fan, motor, engine, "
    "filter, hose, nozzle, tank, blade, blades, handle, handles, strap, straps, buckle, zip, zipper, "
    "pocket, pockets, lid, cap, spout, seal, hinge, latch, lock, knob, switch, dial, trigger, wheel, "
    "wheels, tyres, brakes, gears, saddle, pedals, chain, frame, legs, drawer, shelf, mattress, cushion, "
    "pillow, padding, foam, cover, casing, lining, sleeves, collar, hood, waistband, hem, cuffs, sole, "
    "soles, heel, insole, laces, tongue, seams, stitching, elastic, clip, hook, stand, "
    "base, tripod, screws, bolts, brush, bristles, basket, tray, rack, plate, bowl, pump, dispenser, "
    "bottle, ear cushions, earpads, headband, ear tips, stylus, needle, tonearm, strings, bridge, "
    "pickups, tuners, keyboard stand, case, bezel, back cover, sim slot, card slot, drive, "
    "poles, pegs, tent floor, rainfly, visor, helmet shell"
)
_QUALITIES = _terms(
    "weight, comfort, warmth, insulation, breathability, softness, texture, thickness, stability, "
    "sharpness, strength, power, suction, heat, temperature, capacity, waterproofing, water resistance, "
    "smell, scent, fragrance, taste, flavor, flavour, aroma, freshness, consistency, ingredients, "
    "moisture, lather, coverage, pigmentation, shade, color, colour, colors, pattern, print, finish, "
    "coating, paint, fabric, cotton, leather, wool, cut, tightness, stretch, support, arch support, "
    "traction, tread, grip, brightness, contrast, resolution, sound, sound quality, bass, treble, volume, "
    "noise, noise level, noise cancelling, hiss, clarity, tone, sustain, tuning, action, balance, speed, "
    "performance, response time, accuracy, precision, lag, battery life, range, signal, reception, call "
    "quality, connection, connectivity, wifi, bluetooth, pairing, picture quality, image quality, "
    "pictures, photos, video, zoom, autofocus, focus, shutter lag, refresh rate, viewing angle, graphics, "
    "color accuracy, memory, storage, disk space, charging, charging time, heating, cooling, airflow, "
    "steam, pressure, flow, crema, grind, cleaning, maintenance, safety, portability, mobility, "
    "versatility, compatibility, brakes and handling, steering, suspension, acceleration, fuel economy, "
    "shelf life, scratch resistance, glow, absorption, hold, shine, skin feel, residue, drying time, "
    "light, beam, evenness, edge, workmanship, feel, ergonomics, handling"
)
_FUNCTIONS = _terms(
    "software, firmware, operating system, interface, menu, menus, navigation, app, apps, settings, "
    "controls, features, functions, options, modes, ringtones, voice dialing, text messaging, touch, "
    "gestures, fingerprint reader, face recognition, gps, maps, alarm, timer, thermostat, playback, "
    "recording, editing tools, search function, updates, installation process, drivers, security, virus "
    "protection, file transfer, sync, wireless charging, fast charging, hotspot, web browser, "
    "speakerphone, earpiece, manual, instructions, user guide, booklet, documentation, assembly, "
    "accessories, attachments, spare parts, included software, power supply, plug"
)
_CONTENT = _terms(
    "songs, lyrics, melody, melodies, vocals, voice, singing, harmonies, beat, beats, rhythm, guitar, "
    "guitar solos, drums, drumming, bass line, piano, strings section, production, mixing, mastering, "
    "sound mix, arrangement, arrangements, instrumentation, instrumentals, tracks, track list, album "
    "cover, artwork, chorus, choruses, hooks, solos, remixes, bonus tracks, liner notes, articles, "
    "stories, recipes, photography, illustrations, layout, writing, editing, content, columns, "
    "interviews, tips, advice, product reviews, patterns, projects, crosswords, plot, storyline, "
    "characters, dialogue, acting, cast, directing, script, ending, soundtrack, special effects, humor, "
    "pacing, pages, paper, paper quality, binding, font, text size, index, ads, advertisements, "
    "subscription price, digital edition, rules, gameplay, puzzles, levels, pieces, "
    "cards, figures, replay value, difficulty, maps and charts, vocabulary, information, coverage of "
    "news, variety, depth, format"
)
ASPECT_TERMS = (
    _PARTS
    | _QUALITIES
    | _FUNCTIONS
    | _CONTENT
    | {
        term
        for name, terms in GENERAL_ASPECTS.items()
        if name in {"price", "quality", "delivery", "service"}
        for term in terms[:4]
    }
)
"""Parts, qualities, functions and contents that buyers judge."""

_PEOPLE = _terms(
    "adult, adults, girlfriend, boyfriend, nephew, niece, grandson, granddaughter, baby, toddler, "
    "teenager, neighbour, boss, student, students, teacher, beginner, beginners, professional, expert, "
    "doctor, artist, author, reader, listener, audience, company, brand, carrier, provider, dealer, "
    "government, team, crew, everyone else, people like me, public, men and women, society, parents, "
    "uncle, lady, folks"
)
_TIMES_AND_PLACES = _terms(
    "evening, afternoon, midnight, weekend, summer, winter, spring, autumn, season, century, decade, age, "
    "period, vacation, holiday, birthday party, lunch, dinner, breakfast, office, school, kitchen, "
    "bathroom, bedroom, garage, garden, gym, park, street, road, mountain, beach, floor, ground, "
    "background, outside, elsewhere, region, town, village, address, building, church, hospital, airport, "
    "shop, website, internet, table, wall, sky, earth, sun, rain, snow, wind, weather, air, water, "
    "leaves, rocks, train, car, bus, plane"
)
_BODY = _terms(
    "head, face, arm, arms, hand, finger, fingers, feet, foot, toes, shoulder, shoulders, neck, wrist, "
    "chest, waist, hips, knees, body, hair, tummy, heart, brain, soul, "
)
_ABSTRACT = _terms(
    "task, tasks, process, step, steps, mistake, decision, research, attention, success, improvement, "
    "addition, advantage, disadvantage, lack, default, preference, environment, "
    "relative, instance, percentage, half, majority, effort, "
    "attempt, attempts, reaction, frustration, pleasure, excitement, anger, sadness, gamble, risk, party, "
    "wedding, event, concert, movie night, hike, hiking, running, workout, exercise, yoga, sports, "
    "camping, commute, travel, vacation trips, investment, budget, income, rating, feedback, "
    "recommendation, subject, topic, aspect, aspects, factor, form, manner, situation, "
    "circumstances, , impression, expectation, expectations, regret, notice, "
    "effect, result, results, purpose, role, career, education, history, culture, politics, religion, "
    "dream come true, talk, show, selling, eating, dealing, considering, "
    "related, devoted, concerned, described, expected, promised, caused, died, crazy, above, throughout, "
    "whatsoever, either, plain, casual, tough, single, general, latest, biggest, coarse, silent, normal, "
    "serious, initial, social, mental, visual, outdoor, white, black, red, blue, green, yellow, purple, "
    "parcel went, light reaches, sole holds, strap broke, battery died, music plays, song came, phone "
    "went, last resort, first impression, second one, old phone, other brands, smartphone, tablet, "
    "computer, device, gadget, machine, album, magazine, publication, shirt, jacket, toy, book, movie, "
    "game, bag, crack, dents, scuffs, mark, tear, hole, holes, dumpster, trash, garbage, laptop, notebook "
    "computer, netbook, desktop, mp3 player, dvd player, basics, constant, operation, equipment, "
    "technology, list, media"
)
_ADJECTIVES = _terms(
    "consistent, complex, reflective, expressive, physical, seamless, electric, acoustic, dynamic, textured, "
    "glossy, relaxed, stained, intricate, polished, subdued, wired, rechargeable, protective, technical, "
    "optical, scented, unlimited, hypnotic, mellow, sublime, hitch, "
    "model, description, tasks, staple, formula, label, ears, senses, potential, essence"
)
_NAMES = _terms(
    "sony, canon, nikon, apple, samsung, philips, hp, dell, asus, toshiba, panasonic, microsoft, google, "
    "ipod, iphone, macbook, nokia, motorola, nike, adidas, bosch, ikea, walmart, best buy, verizon, "
    "comcast, netflix"
)
OTHER_TERMS = (
    GENERIC_NOUNS
    | VERBS
    | OPINION_ADJECTIVES
    | _PEOPLE
    | _TIMES_AND_PLACES
    | _BODY
    | _ABSTRACT
    | _ADJECTIVES
    | _NAMES
) - ASPECT_TERMS
"""People, places, times, bodies, events, feelings, brands, verbs, adjectives, and whole products."""
