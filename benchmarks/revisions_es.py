"""Sentences of this project's own, in English before and after a change, with Spanish for both.

Written by hand for `benchmarks.changed`, as a translator who changes no more than the English asks for would: they are
few, simple and in one style, so they show that repair works, and not how often in a real book.
"""

from __future__ import annotations

REVISIONS: tuple[tuple[str, str, str, str], ...] = (
    (
        "The big house stands near the river.",
        "The small house stands near the river.",
        "La casa grande está cerca del río.",
        "La casa pequeña está cerca del río.",
    ),
    (
        "We wash the old bottles with cold water every morning.",
        "We wash the old bottles with hot water every morning.",
        "Cada mañana lavamos las botellas viejas con agua fría.",
        "Cada mañana lavamos las botellas viejas con agua caliente.",
    ),
    (
        "The teacher reads the letter to the children.",
        "The teacher reads the book to the children.",
        "El profesor lee la carta a los niños.",
        "El profesor lee el libro a los niños.",
    ),
    (
        "Close the window before you leave the room.",
        "Close the door before you leave the room.",
        "Cierra la ventana antes de salir de la habitación.",
        "Cierra la puerta antes de salir de la habitación.",
    ),
    (
        "The program opens the file and counts the words in it.",
        "The program opens the file and counts the lines in it.",
        "El programa abre el fichero y cuenta las palabras que contiene.",
        "El programa abre el fichero y cuenta las líneas que contiene.",
    ),
    (
        "A cheap camera takes good pictures by day.",
        "A cheap camera takes bad pictures by day.",
        "De día, una cámara barata hace buenas fotos.",
        "De día, una cámara barata hace malas fotos.",
    ),
    (
        "The table shows the price of each ticket in summer.",
        "The table shows the price of each ticket in winter.",
        "La tabla muestra el precio de cada billete en verano.",
        "La tabla muestra el precio de cada billete en invierno.",
    ),
    (
        "Our neighbour sells fresh bread on Monday.",
        "Our neighbour sells fresh bread on Friday.",
        "Nuestro vecino vende pan fresco los lunes.",
        "Nuestro vecino vende pan fresco los viernes.",
    ),
    (
        "The river is deep and dangerous here.",
        "The river is deep and dangerous here in spring.",
        "Aquí el río es profundo y peligroso.",
        "Aquí, en primavera, el río es profundo y peligroso.",
    ),
    (
        "The red light means that the machine is hot.",
        "The green light means that the machine is hot.",
        "La luz roja indica que la máquina está caliente.",
        "La luz verde indica que la máquina está caliente.",
    ),
    (
        "Write your name and the date on the first page.",
        "Write your name and the date on the last page.",
        "Escribe tu nombre y la fecha en la primera página.",
        "Escribe tu nombre y la fecha en la última página.",
    ),
    (
        "The doctor sends the results to the hospital by post.",
        "The nurse sends the results to the hospital by post.",
        "El médico envía los resultados al hospital por correo.",
        "La enfermera envía los resultados al hospital por correo.",
    ),
    (
        "The garden has many yellow flowers.",
        "The garden has many white flowers.",
        "El jardín tiene muchas flores amarillas.",
        "El jardín tiene muchas flores blancas.",
    ),
    (
        "We use a long knife to cut the bread.",
        "We use a long knife to cut the meat.",
        "Usamos un cuchillo largo para cortar el pan.",
        "Usamos un cuchillo largo para cortar la carne.",
    ),
    (
        "The first chapter explains how the engine works.",
        "The second chapter explains how the engine works.",
        "El primer capítulo explica cómo funciona el motor.",
        "El segundo capítulo explica cómo funciona el motor.",
    ),
    (
        "The train to the coast leaves in the evening.",
        "The bus to the coast leaves in the evening.",
        "El tren a la costa sale por la tarde.",
        "El autobús a la costa sale por la tarde.",
    ),
    (
        "Never drink the water of this lake.",
        "Never drink the water of this river.",
        "No bebas nunca el agua de este lago.",
        "No bebas nunca el agua de este río.",
    ),
    (
        "The students draw a map of the city.",
        "The students draw a map of the country.",
        "Los estudiantes dibujan un mapa de la ciudad.",
        "Los estudiantes dibujan un mapa del país.",
    ),
    (
        "The function returns an empty list.",
        "The function returns an empty string.",
        "La función devuelve una lista vacía.",
        "La función devuelve una cadena vacía.",
    ),
    (
        "Put the dry leaves into the black box.",
        "Put the dry leaves into the blue box.",
        "Pon las hojas secas en la caja negra.",
        "Pon las hojas secas en la caja azul.",
    ),
    (
        "The farmer feeds the horses twice a day.",
        "The farmer feeds the cows twice a day.",
        "El granjero da de comer a los caballos dos veces al día.",
        "El granjero da de comer a las vacas dos veces al día.",
    ),
    (
        "A good map is cheap and easy to read.",
        "A good map is expensive and easy to read.",
        "Un buen mapa es barato y fácil de leer.",
        "Un buen mapa es caro y fácil de leer.",
    ),
    (
        "The bridge is closed because of the strong wind.",
        "The bridge is closed because of the heavy snow.",
        "El puente está cerrado por el fuerte viento.",
        "El puente está cerrado por la fuerte nevada.",
    ),
    (
        "Ask your mother for the key of the cellar.",
        "Ask your father for the key of the cellar.",
        "Pídele a tu madre la llave del sótano.",
        "Pídele a tu padre la llave del sótano.",
    ),
    (
        "The report describes the problems of the project.",
        "The report describes the problems of the new project.",
        "El informe describe los problemas del proyecto.",
        "El informe describe los problemas del nuevo proyecto.",
    ),
    (
        "The museum shows old tools and pictures.",
        "The museum shows old tools.",
        "El museo expone herramientas y cuadros antiguos.",
        "El museo expone herramientas antiguas.",
    ),
    (
        "Two small birds sit on the roof of the church.",
        "Two small birds sit on the roof of the school.",
        "Dos pajaritos están posados en el tejado de la iglesia.",
        "Dos pajaritos están posados en el tejado de la escuela.",
    ),
    (
        "The letter arrived yesterday and nobody answered it.",
        "The letter arrived today and nobody answered it.",
        "La carta llegó ayer y nadie la contestó.",
        "La carta llegó hoy y nadie la contestó.",
    ),
    (
        "The command deletes all temporary files without asking.",
        "The command copies all temporary files without asking.",
        "La orden borra todos los ficheros temporales sin preguntar.",
        "La orden copia todos los ficheros temporales sin preguntar.",
    ),
    (
        "Salt makes the soup taste better.",
        "Pepper makes the soup taste better.",
        "Con sal, la sopa sabe mejor.",
        "Con pimienta, la sopa sabe mejor.",
    ),
    (
        "The younger brother plays the piano very well.",
        "The younger brother plays the guitar very well.",
        "El hermano menor toca muy bien el piano.",
        "El hermano menor toca muy bien la guitarra.",
    ),
    (
        "Most people in the village know the old song.",
        "Most people in the village know the old story.",
        "Casi todos en el pueblo conocen la vieja canción.",
        "Casi todos en el pueblo conocen la vieja historia.",
    ),
)
"""English before, English after, Spanish before, Spanish after."""
